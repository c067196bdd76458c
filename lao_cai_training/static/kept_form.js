// Fills the page's form with what its account sent when it could not be taken; it is saved only when it is sent again.
// The admin makes its tables when jQuery is ready, in the order of who asked: before this.
(window.django?.jQuery || ((fill) => fill()))(() => {
    const { action, fields } = JSON.parse(document.getElementById("kept-form").textContent);
    const named = (form, name) => [...form.elements].filter((field) => field.name === name);

    // Of several forms that go to one address: the one that has most of the fields, and the button that was pressed.
    const fits = (form) => Object.entries(fields).filter(([name, values]) =>
        named(form, name).some((field) => field.type !== "submit" || values.includes(field.value))).length;
    const [form] = [...document.querySelectorAll("form[method=post]")]
        .filter((each) => new URL(each.getAttribute("action") || location.href, location.href).pathname === action)
        .sort((one, other) => fits(other) - fits(one));
    if (!form) return;

    // Rows that were added to a table of the admin: as many as were sent.
    for (const [name, [total]] of Object.entries(fields)) {
        const [prefix, found] = name.split(/-TOTAL_FORMS$/);
        if (found === undefined) continue;
        const add = () => form.querySelector(`#${prefix}-group .add-row a`);
        for (let left = 1000; left && add() && Number(named(form, name)[0].value) < Number(total); left -= 1) add().click();
    }

    // Puts in what was sent, and returns the fields that had something else. A box that was not ticked was not sent.
    function fill() {
        return [...form.elements].filter((field) => {
            if (!field.name || ["submit", "button", "file", "password", "fieldset"].includes(field.type)) return false;
            if (["csrfmiddlewaretoken", "form_token"].includes(field.name)) return false;
            const values = fields[field.name] || [];
            if (["checkbox", "radio"].includes(field.type)) {
                const before = field.checked;
                field.checked = values.includes(field.value);
                return field.checked !== before;
            }
            if (!values.length) return false;
            const before = field.value;
            if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
            else field.value = values[named(form, field.name).indexOf(field)] ?? values[0];
            return field.value !== before;
        });
    }

    // Once for the page to notice, and once more where it has proposed something else since.
    for (const field of fill()) {
        for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    }
    fill();
    form.closest("details")?.setAttribute("open", "");
});
