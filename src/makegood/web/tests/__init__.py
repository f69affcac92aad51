"""Tests of the layouts, components, behaviours and of the building of assets."""
