"""What of plans follows a person who moves to another institution; drafts of plans do by themselves."""

from plans.needs.actions import take_along

TAKE_ALONG = take_along
