"""Reads that span tables; they return query sets or dataclasses and never write."""
