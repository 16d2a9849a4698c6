"""Monev Silaut: quarterly performance monitoring of a sub-district office, as its SOP prescribes it."""

VERSION = "0.1.0"
