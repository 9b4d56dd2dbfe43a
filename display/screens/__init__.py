"""Kivy lives here and in `display.app`, and nowhere else in this package."""
