"""The HTTP door: programs with tokens, people with sessions, and the pages they and citizens see.

Views only: a page or a route turns a request into a command or shows a view. Rules of the queue are
in `queue_server.engine`, who may ask for what is in `engine.roles`, and who may open which address
is in `access`.
"""
