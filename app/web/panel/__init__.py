"""The rewards panel as JSON: every word finished, so that the widget neither reckons nor decides."""
