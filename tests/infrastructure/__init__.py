"""Tests of how the house keeps things."""
