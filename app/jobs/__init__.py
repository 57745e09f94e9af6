"""Work that is done apart from requests: tasks, their schedule and the worker."""
