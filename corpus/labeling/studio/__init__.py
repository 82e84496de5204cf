"""A local Label Studio: installed once a user, started for one corpus folder, with accounts made without a click."""
