"""Tem Gốc."""
