"""One review from request to report: what the command line, the server and the benchmark call."""
