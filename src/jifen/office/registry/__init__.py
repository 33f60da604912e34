"""People, employers and agencies, who acts for them, and what registers say."""
