// A long list takes a while to become a file: until it comes, a line below tells how many rows are written. What comes at
// once is not disturbed by it. Without this script the file comes all the same.
(() => {
    "use strict";
    const address = document.currentScript.dataset.address;
    const PAUSE = 500; // milliseconds until it is worth saying
    const EVERY = 1000; // milliseconds between two questions
    const numbers = new Intl.NumberFormat("vi-VN");
    let leave = () => {};

    function follow(key, all) {
        let line, timer;
        const tell = (rows) => {
            if (!line) {
                line = document.createElement("div");
                line.className = "file-progress";
                line.innerHTML = '<p role="status"></p><progress aria-label="Tiến độ lập tệp"></progress>';
                document.body.append(line);
            }
            const progress = line.querySelector("progress");
            if (rows && all) Object.assign(progress, { max: all, value: Math.min(rows, all) });
            const written = rows ? ` Đã ghi ${numbers.format(rows)}${all ? ` / ${numbers.format(all)}` : ""} dòng.` : "";
            line.querySelector("p").textContent = `Đang lập tệp…${written} Hãy ở lại trang này đến khi tệp tải về.`;
        };
        const ask = async () => {
            if (document.cookie.split("; ").includes(`tep_da_lap=${key}`)) return leave();
            try {
                const answer = await fetch(address.replace("KEY", key));
                if (!answer.ok || answer.redirected) return leave(); // the session has ended
                const { rows } = await answer.json();
                if (timer) tell(rows);
            } catch {
                // the next question may be answered
            }
            if (timer) timer = setTimeout(ask, EVERY);
        };
        timer = setTimeout(ask, PAUSE);
        leave();
        leave = () => {
            clearTimeout(timer);
            timer = null;
            line?.remove();
        };
    }

    document.addEventListener("click", (event) => {
        const link = event.target.closest?.("a[data-rows]");
        if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
        const plain = link.href;
        const asked = new URL(plain);
        const key = [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
        asked.searchParams.set("theo_doi", key);
        link.href = asked;
        setTimeout(() => (link.href = plain));
        follow(key, Number(link.dataset.rows));
    });
})();
