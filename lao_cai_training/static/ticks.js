// Lists with ticks: counts them in the buttons, those on other pages too, and ticks the rows of a page at once.
// Without it the page works the same and says less.
(() => {
    const form = document.querySelector("form[data-ticks]");
    if (!form) return;
    const boxes = [...form.querySelectorAll("input[name=chon]")];
    const acts = [...form.querySelectorAll("button[data-act]")];
    const chosen = [...form.querySelectorAll("[data-chosen]")];
    const basket = form.querySelector("[data-basket]");
    const hint = form.querySelector("[data-hint]");
    const elsewhere = Number(form.dataset.elsewhere);
    const written = (number) => number.toLocaleString("vi");
    const hinted = hint && hint.textContent;
    acts.forEach((button) => { button.dataset.none = button.textContent; });

    const head = form.querySelector("th[data-whole-page]");
    const whole = document.createElement("input");
    if (head && boxes.length) {
        whole.type = "checkbox";
        whole.setAttribute("aria-label", "Chọn cả trang này");
        head.append(whole);
        whole.addEventListener("change", () => {
            boxes.forEach((box) => { box.checked = whole.checked; });
            tell();
        });
    }

    function tell() {
        const here = boxes.filter((box) => box.checked).length;
        const all = here + elsewhere;
        whole.checked = here > 0 && here === boxes.length;
        whole.indeterminate = here > 0 && here < boxes.length;
        chosen.forEach((place) => { place.textContent = written(all); });
        if (basket) fill(all);
        acts.forEach((button) => {
            button.textContent = all ? button.dataset.act.replace("{}", written(all)) : button.dataset.none;
            button.disabled = !all;
        });
        if (!hint || form.dataset.left === undefined) return;
        const left = Number(form.dataset.left) - all;
        const seats = left >= 0 ? `sau khi cử: còn ${written(left)} chỗ` : `${written(-left)} người sẽ vào danh sách chờ`;
        hint.textContent = all ? seats : hinted;
    }

    // The basket names those ticked on this page since it was loaded, too.
    function fill(all) {
        basket.hidden = !all;
        const list = basket.querySelector("ul");
        boxes.forEach((box) => {
            let item = list.querySelector(`[data-key="${box.value}"]`);
            if (!item && box.checked) {
                const name = box.closest("tr").querySelector("th a").textContent;
                const button = document.createElement("button");
                Object.assign(button, { type: "button", textContent: name });
                button.setAttribute("aria-label", `Bỏ ${name} khỏi danh sách cử`);
                button.addEventListener("click", () => { box.checked = false; tell(); });
                item = document.createElement("li");
                item.dataset.key = box.value;
                item.append(button);
                list.prepend(item);
            }
            if (item) item.hidden = !box.checked;
        });
    }

    form.addEventListener("change", tell);
    window.addEventListener("pageshow", tell); // the way back may bring ticks along
    tell();
})();
