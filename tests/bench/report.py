"""The figures: what was measured, against which bar, beside which baseline."""

import json

from tools import say


def number(value):
    """As many digits as a person reads."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


class Report:
    def __init__(self):
        self.figures = {}

    def add(self, name, value, unit, at_most=None, at_least=None, baseline=None):
        """Keeps a figure. Without a bar it is there to be read."""
        bar = at_most if at_most is not None else at_least
        is_held = None if bar is None else value <= at_most if at_most is not None else value >= at_least
        sign = "" if bar is None else "≤ " if at_most is not None else "≥ "
        self.figures[name] = {
            "value": round(value, 3), "bar": None if bar is None else f"{sign}{bar:,g}", "ok": is_held, "unit": unit,
            "baseline": baseline,
        }
        say(f"  {name}: {self._line(self.figures[name])}")

    @staticmethod
    def _line(figure):
        verdict = {True: "pass", False: "FAIL", None: ""}[figure["ok"]]
        parts = (number(figure["value"]), figure["unit"], figure["bar"], verdict, figure["baseline"])
        return " ".join(part for part in parts if part)

    def table(self):
        rows = [("figure", "value", "unit", "bar", "", "beside")]
        for name, figure in self.figures.items():
            verdict = {True: "pass", False: "FAIL", None: "–"}[figure["ok"]]
            rows.append((name, number(figure["value"]), figure["unit"], figure["bar"] or "–", verdict,
                         figure["baseline"] or ""))
        widths = [max(len(row[column]) for row in rows) for column in range(6)]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)

    def write(self, path):
        with open(path, "w", encoding="utf-8") as file:
            json.dump(self.figures, file, ensure_ascii=False, indent=2)
            file.write("\n")

    @property
    def holds(self):
        return all(figure["ok"] is not False for figure in self.figures.values())
