"""What a browser calls itself, in words that people know their phone by."""

# The first word that is found counts: a browser also names those that it is like.
_BROWSERS = {
    "YaBrowser": "Yandex",
    "EdgA": "Edge",
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "UCBrowser": "UC Browser",
    "FxiOS": "Firefox",
    "Firefox": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


def device_of(user_agent: str) -> str:
    """«Chrome · Android»; what is not known is told as it calls itself."""
    known = [next((name for word, name in words.items() if word in user_agent), "") for words in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, known)) or user_agent
