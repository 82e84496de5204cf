"""A person at the labeling page: Debian's headless Chromium, driven by Selenium.

Everything is waited for by what stands on the page, never by time.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from corpus.labeling.studio.accounts import Account

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
SECONDS = 30
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server"]
FLAGS += ["--window-size=1366,768"]

POINT = """
// The right or the left edge of one character; in Arabic text a character begins at its right.
const [wanted, end] = arguments, walker = document.createTreeWalker(
    document.querySelector('.lsf-htx-richtext'), NodeFilter.SHOW_TEXT);
for (let node; (node = walker.nextNode());) {
    const at = node.data.indexOf(wanted);
    if (at < 0) continue;
    node.parentElement.scrollIntoView({block: 'center'});
    const letters = [...new Intl.Segmenter('ar').segment(wanted)], last = letters.at(-1);
    const range = document.createRange();
    const from = at + (end ? last.index : 0);
    range.setStart(node, from);
    range.setEnd(node, from + (end ? last : letters[0]).segment.length);
    const box = range.getBoundingClientRect();
    return [end ? box.left + 1 : box.right - 1, box.top + box.height / 2];
}
"""
CUT_OFF = """
// Elements of the page that stick out of the room they have, or whose own content does not fit.
const room = document.querySelector('.lsf-main-content').getBoundingClientRect(), found = [];
for (const element of document.querySelectorAll('.warraq, .warraq *')) {
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    if (!box.width || style.opacity === '0') continue;
    const out = box.left < room.left - 1 || box.right > room.right + 1 || box.right > innerWidth + 1 || box.left < -1;
    const tight = style.display !== 'inline' && element.scrollWidth > element.clientWidth + 1;
    if (out || tight) found.push([element.className || element.tagName, element.textContent.slice(0, 40)]);
}
return found;
"""
IN_SIGHT = """
// Whether an element is wholly on the screen and nothing covers its middle.
const box = arguments[0].getBoundingClientRect();
const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
return box.width > 0 && box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight
    && (arguments[0].contains(top) || !!top?.contains(arguments[0]));
"""

CONTRAST = """
// Contrast of an element's text with what is painted behind it, 1 to 21 (WCAG 2.2).
const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
const light = colour => numbers(colour).slice(0, 3).map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
let behind = arguments[0];
const solid = colour => numbers(colour).length < 4 || numbers(colour)[3] === 1;
while (behind.parentElement && !solid(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
const ink = light(getComputedStyle(arguments[0]).color), paper = light(getComputedStyle(behind).backgroundColor);
return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
"""


class Page:
    """The browser of one annotator."""

    def __init__(self, driver: Any, url: str) -> None:
        self.driver = driver
        self.url = url

    def resize(self, width: int, height: int) -> None:
        """Set the page's inner size in CSS pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.until(lambda: self.run("return [innerWidth, innerHeight]") == [width, height], f"{width}×{height}")

    def log_in(self, account: Account) -> None:
        """Fill in the login page and send it."""
        self.driver.get(f"{self.url}/user/login/")
        self.one("[name=email]").send_keys(account.email)
        self.one("[name=password]").send_keys(account.password)
        self.one("form [type=submit]").click()
        self.until(lambda: "/user/login" not in self.driver.current_url, "being logged in")

    def theme(self, name: str) -> None:
        """Choose Label Studio's theme, Light or Dark, as its switch does; seen from the next page on."""
        self.run("localStorage.setItem('preferred-color-scheme', arguments[0])", name)

    def contrast(self, element: Any) -> float:
        """The contrast of an element's text with its background, 1 to 21."""
        return float(self.run(CONTRAST, element))

    def guidelines(self, project: int) -> None:
        """Open a project's label stream, which shows the instructions first."""
        self.driver.get(f"{self.url}/projects/{project}/data?labeling=1")
        self.one("[aria-label='Close modal']")
        self.one(".warraq-guide")

    def open(self, project: int) -> None:
        """Open a project's label stream and close the instructions."""
        self.guidelines(project)
        self.one("[aria-label='Close modal']").click()
        self.until(lambda: not self.all("[aria-label='Close modal']"), "the instructions being closed")
        self.one(".lsf-htx-richtext .lsf-richtext__line")

    def all(self, css: str) -> list[Any]:
        """The elements that a selector finds now."""
        return list(self.driver.find_elements("css selector", css))

    def one(self, css: str) -> Any:
        """The first element that a selector finds, once it is shown."""
        return self.until(lambda: next((e for e in self.all(css) if e.is_displayed()), None), css)

    def click(self, css: str) -> None:
        """Click on an element once nothing covers it, as a passing notice does."""
        self.until(lambda: self.in_sight(self.one(css)), f"{css} in sight")
        self.one(css).click()

    def until(self, holds: Any, what: str) -> Any:
        """Wait until a function returns something true, and return it."""
        from selenium.common.exceptions import StaleElementReferenceException
        from selenium.webdriver.support.ui import WebDriverWait

        wait = WebDriverWait(self.driver, SECONDS, 0.05, ignored_exceptions=[StaleElementReferenceException])
        return wait.until(lambda _: holds(), f"waited {SECONDS} s for {what}")

    def run(self, script: str, *arguments: Any) -> Any:
        """The result of a script in the page."""
        return self.driver.execute_script(script, *arguments)

    def press(self, key: str) -> None:
        """Press a key with nothing in focus, as a hotkey is pressed."""
        from selenium.webdriver.common.action_chains import ActionChains

        self.run("document.activeElement.blur()")
        ActionChains(self.driver).send_keys(key).perform()

    def drag(self, words: str) -> str:
        """Drag the mouse over words of one line of the article; returns what the browser says was selected."""
        from selenium.webdriver.common.action_chains import ActionChains
        from selenium.webdriver.common.actions.action_builder import ActionBuilder

        begin = self.run(POINT, words, False)
        end = self.run(POINT, words, True)
        hold = ActionBuilder(self.driver)
        hold.pointer_action.move_to_location(*map(round, begin)).pointer_down().move_to_location(*map(round, end))
        hold.perform()
        selected = str(self.run("return getSelection().toString()"))
        ActionChains(self.driver).release().perform()
        return selected

    def requests(self) -> list[str]:
        """The addresses asked for since the last call."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]

    def in_sight(self, element: Any) -> bool:
        """Whether an element is wholly on the screen and uncovered."""
        return bool(self.run(IN_SIGHT, element))

    def cut_off(self) -> list[list[str]]:
        """Class and text of what is cut off at a side."""
        return list(self.run(CUT_OFF))

    def keep(self, name: str) -> None:
        """Keep a screenshot in tests/artefacts/."""
        folder = Path(__file__).parent.parent / "artefacts"
        folder.mkdir(exist_ok=True)
        assert self.driver.save_screenshot(str(folder / f"{name}.png"))


@contextmanager
def browser(profile: Path, url: str) -> Iterator[Page]:
    """A browser with an empty profile, ended after the block; a skip where there is none on this machine."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="the browser test needs Selenium: pip install selenium")
    if not (CHROMIUM and DRIVER):
        pytest.skip("the browser test needs chromium and chromedriver (Debian: chromium, chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        yield Page(driver, url)
    finally:
        driver.quit()
