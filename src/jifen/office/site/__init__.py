"""The site: settings by concern, addresses, the WSGI entry and the server."""
