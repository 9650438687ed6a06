"""Where an installation lives on a machine: its folder, its database server, its passwords.

Plain Python without Django, since it must work before settings can be read.
"""
