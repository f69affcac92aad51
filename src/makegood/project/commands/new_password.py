"""`makegood new-password EMAIL`: the way back in for an only administrator who has forgotten theirs."""

from __future__ import annotations

import argparse

from makegood.project.starting import bring_up_to_date, start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", metavar="EMAIL", help="the address they sign in with")
    parser.add_argument(
        "--forget-second-step", action="store_true", help="they have lost it: apps, passkeys and codes are taken away"
    )


def run(arguments: argparse.Namespace) -> int:
    start_django()
    bring_up_to_date()
    from makegood.agents.actions.resetting import forget_factors, issue_reset
    from makegood.agents.models import Agent
    from makegood.agents.views.people import link_to
    from makegood.errors import Refused
    from makegood.eventlog.events import SYSTEM

    agent = Agent.objects.filter(email__iexact=arguments.email).first()
    if agent is None:
        raise Refused(f"Nobody signs in with {arguments.email}.")
    if arguments.forget_second_step:
        forget_factors(agent, by=SYSTEM)
    print(link_to("reset", agent.pk, issue_reset(agent, by=SYSTEM)))  # noqa: T201
    print("It sets a new password, once, for 30 minutes.")  # noqa: T201
    if arguments.forget_second_step:
        print("The password alone lets them in until they add a second step again, under Settings, Security.")  # noqa: T201
    return 0
