"""The rail's content, as the layouts expect it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Item:
    """One place. `hot` replaces the count by words that ask for an act ("1 late"); `key` is its shortcut ("g i").

    `is_tab` puts it into the bar at the foot of a phone's screen, which has room for four.
    """

    label: str
    icon: str
    url: str
    count: int | None = None
    hot: str = ""
    current: bool = False
    key: str = ""
    is_tab: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Items under a small heading; the first section has none."""

    title: str = ""
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Me:
    """The person who is signed in, as the foot of the rail shows them."""

    id: int
    name: str
    presence: str
    settings_url: str
    profile_url: str = ""
    is_here: bool = True
    in_settings: bool = False
