"""What axe, the checker of the Web Content Accessibility Guidelines, finds on a page; and whether it fits its screen."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[3] / "dashboard/node_modules/axe-core/axe.min.js"
GRAVE = frozenset({"serious", "critical"})
RUN = "() => axe.run(document, {resultTypes: ['violations'], preload: false})"
MEASURE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((part) => part.getBoundingClientRect().right > width + 1)
    .map((part) => `<${part.tagName.toLowerCase()} class="${part.className}"> ${part.textContent.slice(0, 40)}`)
    .slice(0, 8);
}"""


def grave_findings(page: Page) -> list[str]:
    """Serious and critical ones, each with the rule, its sentence and the first elements that break it."""
    page.evaluate(AXE.read_text())
    violations = page.evaluate(RUN)["violations"]
    return [
        f"{found['id']}: {found['help']}: {'; '.join(node['html'][:160] for node in found['nodes'][:4])}"
        for found in violations
        if found["impact"] in GRAVE
    ]


def too_wide(page: Page) -> list[str]:
    """The elements that make the page itself scroll sideways; empty if it does not."""
    parts: list[str] = page.evaluate(MEASURE)
    return parts
