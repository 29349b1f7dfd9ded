"""Tests of the chaos test."""
