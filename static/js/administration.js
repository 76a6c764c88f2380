/* The lists with a search of Django's administration carry no name for those who do not see them: the field's own. */
"use strict";

window.addEventListener("load", () => {
  const name = () => {
    for (const field of document.querySelectorAll("select.admin-autocomplete[data-select2-id]")) {
      const shown = field.nextElementSibling && field.nextElementSibling.querySelector("[role=combobox]");
      const label = field.labels[0];
      if (!shown || !label) continue;
      label.id = label.id || `label-of-${field.id}`;
      for (const one of [shown, shown.querySelector("[role=textbox]")]) {
        if (!one) continue;
        one.setAttribute("aria-labelledby", one.id ? `${label.id} ${one.id}` : label.id);
      }
    }
  };
  name();
  document.addEventListener("formset:added", () => setTimeout(name));
});
