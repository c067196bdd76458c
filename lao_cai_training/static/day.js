// Fields of days: a button beside each opens a calendar in Vietnamese, whatever the browser's language; what is typed
// (31122015, 31.12.2015, 2015-12-31) is written 31/12/2015. Without this script they are plain fields of text.
const WORDS = {
    open: "Mở lịch", calendar: "Chọn ngày", previous: "Tháng trước", next: "Tháng sau", year: "Năm", month: "Tháng",
    wrong: "Hãy viết ngày/tháng/năm, ví dụ 31/12/2015.",
};
const ICON =
    '<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false"><path fill="none" ' +
    'stroke="currentColor" d="M2.5 4.5a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1zM2.5 7h11M5.5 2v3M10.5 2v3"/></svg>';

// The parts of a day as it is typed, or null. A year of two digits is none: nobody knows of which century it is.
function read(text) {
    const typed = text.trim();
    const turned = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed);
    const found = /^(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4})$/.exec(typed) || /^(\d{2})(\d{2})(\d{4})$/.exec(typed);
    if (!turned && !found) return null;
    const [year, month, day] = (turned ? turned.slice(1) : found.slice(1).reverse()).map(Number);
    const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
    return month >= 1 && month <= 12 && day >= 1 && day <= last ? { year, month, day } : null;
}

const two = (number) => String(number).padStart(2, "0");
const written = ({ year, month, day }) => `${two(day)}/${two(month)}/${year}`;
const ofCalendar = ({ year, month, day }) => `${year}-${two(month)}-${two(day)}`;

// ---------------------------------------------------------------- the calendar, one for the page

let panel, calendar, field;

async function make() {
    await import("./cally/cally.js");
    panel = document.createElement("div");
    panel.className = "calendar";
    panel.popover = "auto"; // closed by Esc and by a click outside
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", WORDS.calendar);
    panel.innerHTML =
        '<calendar-date locale="vi" show-outside-days>' +
        `<span slot="previous" aria-label="${WORDS.previous}" role="img">‹</span>` +
        `<span slot="next" aria-label="${WORDS.next}" role="img">›</span>` +
        `<div slot="heading" class="calendar-head"><calendar-select-month><span slot="label">${WORDS.month}</span>` +
        `</calendar-select-month><calendar-select-year max-years="160"><span slot="label">${WORDS.year}</span>` +
        "</calendar-select-year></div><calendar-month></calendar-month></calendar-date>";
    calendar = panel.querySelector("calendar-date");
    calendar.addEventListener("change", () => {
        const [year, month, day] = calendar.value.split("-").map(Number);
        field.value = written({ year, month, day });
        for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
        panel.hidePopover();
        field.focus();
    });
    document.body.append(panel);
}

async function open(input, button) {
    if (!panel) await make();
    field = input;
    const day = read(input.value);
    calendar.value = day ? ofCalendar(day) : "";
    const shown = day || read(document.getElementById("working-day")?.value || ""); // else the day of the page, else today
    calendar.focusedDate = shown ? ofCalendar(shown) : undefined;
    panel.showPopover();
    place(button);
    const month = panel.querySelector("calendar-month"); // drawn a moment after it is told what to show
    for (let tries = 0; tries < 30 && document.activeElement !== month; tries += 1) {
        await new Promise(requestAnimationFrame);
        calendar.focus();
    }
    place(button); // by now it has its size
}

// Below the button or above it, inside the window.
function place(button) {
    const beside = button.getBoundingClientRect();
    const { width, height } = panel.getBoundingClientRect();
    const below = beside.bottom + 4 + height <= innerHeight ? beside.bottom + 4 : beside.top - 4 - height;
    panel.style.left = `${Math.max(8, Math.min(beside.right - width, innerWidth - width - 8))}px`;
    panel.style.top = `${Math.max(8, below)}px`;
}

// ---------------------------------------------------------------- the fields

function settle(input) {
    if (input.hasAttribute("data-part-of-day")) return; // 08/1975 and 1975 are dates as well
    const day = read(input.value);
    input.setCustomValidity(day || !input.value.trim() ? "" : WORDS.wrong);
    if (day) input.value = written(day);
}

function equip(input) {
    const holder = document.createElement("span");
    holder.className = "day";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link day-button";
    button.innerHTML = ICON;
    button.title = WORDS.open;
    button.setAttribute("aria-label", WORDS.open);
    button.setAttribute("aria-haspopup", "dialog");
    button.disabled = input.disabled || input.readOnly;
    button.addEventListener("click", () => open(input, button));
    input.addEventListener("change", () => settle(input));
    input.addEventListener("input", () => input.setCustomValidity(""));
    input.before(holder);
    holder.append(input, button);
}

// The row from which new rows of a table are made is not filled in: each of its copies is equipped once it is there.
function equipAll(within) {
    for (const input of within.querySelectorAll("input[data-day]")) if (!input.closest(".empty-form")) equip(input);
}

if (HTMLElement.prototype.showPopover) {
    equipAll(document);
    document.addEventListener("formset:added", (event) => equipAll(event.target));
}
