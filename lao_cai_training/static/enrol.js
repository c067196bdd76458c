// What nominating those ticked would do: how many, what is left of the quota, the rate once they have finished.
// Without it the page works the same and says less.
(() => {
    const form = document.getElementById("nominate");
    const submit = form && form.querySelector("[data-submit]");
    if (!submit) return;
    const chosen = form.querySelector("[data-chosen]");
    const effect = form.querySelector("[data-effect]");
    const hint = effect.textContent;
    const percent = (part, whole) => (Math.round((part * 1000) / whole) / 10).toFixed(1).replace(".", ",");

    function tell() {
        const ticked = [...form.querySelectorAll("input[name=nguoi]:checked")];
        chosen.textContent = ticked.length;
        submit.textContent = ticked.length ? `Cử ${ticked.length} người` : "Cử những người đã chọn";
        submit.disabled = ticked.length === 0;
        if (!ticked.length) {
            effect.textContent = hint;
            return;
        }
        const left = Number(form.dataset.left) - ticked.length;
        const said = [left >= 0 ? `sau khi cử: còn ${left} chỗ` : `${-left} người sẽ vào danh sách chờ`];
        const total = ["compliant", "notCompliant", "undetermined"]
            .reduce((sum, name) => sum + Number(form.dataset[name] || 0), 0);
        const complying = ticked.filter((box) => box.dataset.complies).length;
        if (total && complying) {
            const now = Number(form.dataset.compliant);
            said.push(`học xong ${complying} người đạt chuẩn, tỷ lệ ${percent(now, total)} → ${percent(now + complying, total)} %`);
        }
        effect.textContent = said.join(" · ");
    }

    form.addEventListener("change", tell);
    form.addEventListener("reset", () => setTimeout(tell));
    tell();
})();
