"""MongoDB: adapters that fill the ports of the other folders.

May import every folder but `servicers`.
"""
