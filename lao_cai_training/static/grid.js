// Grids filled in with the keyboard: arrows go from cell to cell, Enter goes down, a letter chooses, Delete clears.
// Also counts what is not saved yet, and proposes grade and result from a mark. Without it the grids are plain fields.
(() => {
    const table = document.querySelector("table[data-grid]");
    if (!table) return;
    const form = table.closest("form");
    const told = form.querySelector("[data-changed]");
    const fields = () => [...table.querySelectorAll("tbody [data-column]")].filter((field) => field.offsetParent);
    const column = (field) => Number(field.dataset.column);

    function go(field, down, across) {
        if (across) {
            const row = [...field.closest("tr").querySelectorAll("[data-column]")].filter((cell) => cell.offsetParent);
            return focus(row[row.indexOf(field) + across]);
        }
        const cells = fields().filter((cell) => column(cell) === column(field));
        focus(cells[cells.indexOf(field) + down]);
    }

    // Leaving a field settles it ("change"), in the last row too, where there is nowhere to go.
    function focus(next) {
        const field = next || document.activeElement;
        document.activeElement.blur();
        field.focus();
        if (field.select) field.select();
    }

    function choose(select, option) {
        if (!option || option.selected) return;
        select.value = option.value;
        select.dispatchEvent(new Event("change", { bubbles: true }));
    }

    // In a text the arrows leave it only at its ends.
    function leaves(field, across) {
        if (field.tagName === "SELECT") return true;
        const { selectionStart: start, selectionEnd: end, value } = field;
        const all = start === 0 && end === value.length;
        return all || (start === end && (across < 0 ? start === 0 : start === value.length));
    }

    table.addEventListener("keydown", (event) => {
        const field = event.target;
        if (field.dataset.column === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
        const down = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 }[event.key];
        const across = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (field.tagName === "BUTTON") return;
        if (down) {
            event.preventDefault();
            go(field, down, 0);
        } else if (across && leaves(field, across)) {
            event.preventDefault();
            go(field, 0, across);
        } else if (field.tagName === "SELECT" && event.key.length === 1) {
            const key = event.key.toUpperCase();
            const option = [...field.options].find((item) => (item.dataset.key || item.value) === key);
            if (option) event.preventDefault();
            choose(field, option);
        } else if (field.tagName === "SELECT" && ["Delete", "Backspace"].includes(event.key)) {
            event.preventDefault();
            choose(field, [...field.options].find((item) => item.value === ""));
        }
    });

    // "Tất cả có mặt": fills the empty cells of a column; it is saved with the rest.
    form.addEventListener("click", (event) => {
        const button = event.target.closest("button[data-fill]");
        if (!button) return;
        event.preventDefault();
        for (const select of table.querySelectorAll(`select[data-column="${button.dataset.column}"]`)) {
            if (select.value === "") choose(select, [...select.options].find((item) => item.value === button.dataset.fill));
        }
    });

    // A mark proposes a grade and, where there is none yet, a result; both can be changed.
    const scale = (table.dataset.scale || "").split(" ").filter(Boolean).map((pair) => pair.split(":"));

    function propose(input) {
        const mark = Number(input.value.trim().replace(",", "."));
        if (input.value.trim() === "" || !(mark >= 0 && mark <= 10)) return;
        const row = input.closest("tr");
        const state = row.querySelector("[data-state]");
        const grade = row.querySelector("[data-grade]");
        const passed = mark >= Number(table.dataset.pass);
        if (state.value === "") choose(state, state.querySelector(`[value="${passed ? "completed" : "failed"}"]`));
        if (state.value !== "completed") return;
        const reached = scale.find(([lowest]) => mark >= Number(lowest));
        choose(grade, grade.querySelector(`[value="${reached ? reached[1] : ""}"]`));
    }

    const isChanged = (field) =>
        field.tagName === "SELECT"
            ? field.selectedOptions[0] !== ([...field.options].find((item) => item.defaultSelected) || field.options[0])
            : field.value !== field.defaultValue;

    function tell() {
        const changed = [...table.querySelectorAll("tbody [data-column]")].filter((field) => {
            field.closest("td").classList.toggle("changed", isChanged(field));
            return isChanged(field);
        }).length;
        if (told) told.textContent = changed ? `${changed} ô chưa lưu.` : "";
        return changed;
    }

    table.addEventListener("change", (event) => {
        const field = event.target;
        if (field.dataset.mark !== undefined) propose(field);
        if (field.dataset.state !== undefined && field.value !== "completed") {
            const grade = field.closest("tr").querySelector("[data-grade]");
            choose(grade, grade.options[0]);
        }
        tell();
    });
    window.addEventListener("pageshow", tell); // filled in before this was there, or brought along on the way back

    let isSaving = false;
    form.addEventListener("submit", () => { isSaving = true; });
    window.addEventListener("beforeunload", (event) => { if (!isSaving && tell()) event.preventDefault(); });
})();
