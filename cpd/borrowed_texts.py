"""Texts of Django and allauth that people meet here, and that their own Kyrgyz lacks or words badly.

Nothing runs here: ``bin/messages collect`` reads the texts into our catalogues, which Django asks before those of the
libraries. Texts of the administration's scripts stand in ``locale/ky/LC_MESSAGES/djangojs.po``, kept by hand.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

FORMS = (
    _("(Hidden field %(name)s) %(error)s"),
    _("Enter a valid value."),
    _("Enter a whole number."),
    _("Enter a valid integer."),
    _("Enter a number."),
    _("Enter a valid date."),
    _("Enter a valid time."),
    _("Enter a valid date/time."),
    _("Enter a valid email address."),
    _("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
    _("Enter a valid UUID."),
    _("Enter a list of values."),
    _("Enter a complete value."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("Select a valid choice. That choice is not one of the available choices."),
    _("“%(pk)s” is not a valid value."),
    _("“%(value)s” is not a valid UUID."),
    _("“%(value)s” value has an invalid date format. It must be in YYYY-MM-DD format."),
    _("“%(value)s” value has the correct format (YYYY-MM-DD) but it is an invalid date."),
    _("Ensure this value is less than or equal to %(limit_value)s."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    ngettext_lazy(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
    ),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    ),
    ngettext_lazy(
        "Ensure that there are no more than %(max)s digit in total.",
        "Ensure that there are no more than %(max)s digits in total.",
    ),
    ngettext_lazy(
        "Ensure that there are no more than %(max)s decimal place.",
        "Ensure that there are no more than %(max)s decimal places.",
    ),
    ngettext_lazy(
        "Ensure that there are no more than %(max)s digit before the decimal point.",
        "Ensure that there are no more than %(max)s digits before the decimal point.",
    ),
    _("Null characters are not allowed."),
    _("and"),
    _("This field cannot be null."),
    _("This field cannot be blank."),
    _("Value %(value)r is not a valid choice."),
    _("%(model_name)s with this %(field_label)s already exists."),
    _("%(model_name)s with this %(field_labels)s already exists."),
    _("%(model)s instance with %(field)s %(value)r is not a valid choice."),
    _("Constraint “%(name)s” is violated."),
    _("The inline value did not match the parent instance."),
    _("Please correct the duplicate values below."),
    _("Please correct the duplicate data for %(field)s."),
    _("Please correct the duplicate data for %(field)s, which must be unique."),
    ngettext_lazy("Please submit at most %(num)d form.", "Please submit at most %(num)d forms."),
    ngettext_lazy("Please submit at least %(num)d form.", "Please submit at least %(num)d forms."),
    _(
        "ManagementForm data is missing or has been tampered with. Missing fields: %(field_names)s. "
        "You may need to file a bug report if the issue persists."
    ),
    _("Unknown"),
    _("Yes"),
    _("No"),
)

SIGN_IN = (
    _("Password"),
    _("Current Password"),
    _("New Password"),
    _("New Password (again)"),
    _("The username and/or password you specified are not correct."),
    _("Too many failed login attempts. Try again later."),
    _("This account is currently inactive."),
    _("Please type your current password."),
    _("You must type the same password each time."),
    _("Be patient, you are sending too many requests."),
    _("Password successfully changed."),
)

PASSWORDS_AND_NAMES = (
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
    ),
    _("The password is too similar to the %(verbose_name)s."),
    _("Your password can’t be too similar to your other personal information."),
    _("This password is too common."),
    _("Your password can’t be a commonly used password."),
    _("This password is entirely numeric."),
    _("Your password can’t be entirely numeric."),
    _("Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."),
    _(
        "Enter a valid username. This value may contain only unaccented lowercase a-z and uppercase A-Z letters, "
        "numbers, and @/./+/-/_ characters."
    ),
)

ADMINISTRATION = (
    _("Django administration"),
    _("Django site admin"),
    _("Site administration"),
    _("%(app)s administration"),
    _("Skip to main content"),
    _("Breadcrumbs"),
    _("Sidebar"),
    _("Start typing to filter…"),
    _("Model name"),
    _("Add link"),
    _("Change or view list link"),
    _("None available"),
    _("Toggle theme (current theme: auto)"),
    _("Toggle theme (current theme: light)"),
    _("Toggle theme (current theme: dark)"),
    _("Popup closing…"),
    # Lists
    _("Action:"),
    _("Run the selected action"),
    _("Go"),
    _("Delete selected %(verbose_name_plural)s"),
    _("Select all objects on this page for an action"),
    _("Select this object for an action - {}"),
    _("Click here to select the objects across all pages"),
    _("Select all %(total_count)s %(module_name)s"),
    ngettext_lazy("%(total_count)s selected", "All %(total_count)s selected"),
    _("0 of %(cnt)s selected"),
    ngettext_lazy("%(counter)s result", "%(counter)s results"),
    _("%(full_result_count)s total"),
    _("Show counts"),
    _("Hide counts"),
    _("Select %s"),
    _("Select %s to change"),
    _("Select %s to view"),
    _("No action selected."),
    _("Items must be selected in order to perform actions on them. No items have been changed."),
    # One object
    _("Add %s"),
    _("Add %(name)s"),
    _("Add another %(verbose_name)s"),
    _("Change %s"),
    _("View %s"),
    _("Change"),
    _("Save and add another"),
    _("Save and continue editing"),
    _("View selected %(model)s"),
    _("Add another %(model)s"),
    _("Change selected %(model)s"),
    _("Delete selected %(model)s"),
    _("Hold down “Control”, or “Command” on a Mac, to select more than one."),
    _("Error:"),
    ngettext_lazy("Please correct the error below.", "Please correct the errors below."),
    _("You may edit it again below."),
    _("The {name} “{obj}” was added successfully."),
    _("The {name} “{obj}” was added successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully."),
    _("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully. You may edit it again below."),
    # History
    _("Change history: %s"),
    _("This object doesn’t have a change history. It probably wasn’t added via this admin site."),
    ngettext_lazy("entry", "entries"),
    _("Added:"),
    _("Changed:"),
    _("Deleted:"),
    # Deleting
    _("Are you sure?"),
    _("Yes, I’m sure"),
    _("No, take me back"),
    _("Summary"),
    _("Objects"),
    _("Delete multiple objects"),
    _("Cannot delete %(name)s"),
    _("The %(name)s “%(obj)s” was deleted successfully."),
    _("Successfully deleted %(count)d %(items)s."),
    _(
        'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? '
        "All of the following related items will be deleted:"
    ),
    _(
        "Are you sure you want to delete the selected %(objects_name)s? "
        "All of the following objects and their related items will be deleted:"
    ),
    _(
        "Deleting the %(object_name)s '%(escaped_object)s' would require deleting "
        "the following protected related objects:"
    ),
    _("Deleting the selected %(objects_name)s would require deleting the following protected related objects:"),
    # Its own page for a new password, and its farewell
    _("Change password"),
    _("Password change"),
    _("Old password"),
    _("New password"),
    _("New password confirmation"),
    _("The two password fields didn’t match."),
    _("Your old password was entered incorrectly. Please enter it again."),
    _(
        "Please enter your old password, for security’s sake, and then enter your new password twice "
        "so we can verify you typed it in correctly."
    ),
    _("Enter the same password as before, for verification."),
    _("Change my password"),
    _("Password change successful"),
    _("Your password was changed."),
    _("Logged out"),
    _("Thanks for spending some quality time with the web site today."),
    _("Log in again"),
)
