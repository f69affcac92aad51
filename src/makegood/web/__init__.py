"""Layouts, components, styles and behaviours that all pages share; and the building of assets."""
