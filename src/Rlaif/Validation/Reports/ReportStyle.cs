namespace Rlaif.Validation.Reports;

/// <summary>How reports look.</summary>
internal static class ReportStyle
{
    /// <summary>The style sheet, the dark colors of plots included.</summary>
    internal static string Css { get; } =
        Base
        + "@media (prefers-color-scheme: dark) {\n"
        + string.Concat(
            PlotPalette.Dark.Select(c =>
                $"  .plot [stroke=\"{c.Key}\"] {{ stroke: {c.Value}; }} .plot [fill=\"{c.Key}\"] {{ fill: {c.Value}; }}\n"
            )
        )
        + "}\n";

    private const string Base = """
        :root {
          --page: #fdfdfc; --card: #f5f6f7; --ink: #1d2229; --soft: #59626e; --line: #dfe2e6; --accent: #2b63a6;
          --good: #1f7a55; --good-back: #ebf5f0; --bad: #a8411f; --bad-back: #faeee9;
          --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans", Arial, sans-serif;
          --serif: Charter, "Bitstream Charter", "Source Serif 4", Cambria, Georgia, "DejaVu Serif", serif;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #14171b; --card: #1c2026; --ink: #e4e7eb; --soft: #9aa3ae; --line: #2f353e; --accent: #6fa8ea;
            --good: #6cc79d; --good-back: #17271f; --bad: #ee9a78; --bad-back: #2c1e18;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.6 var(--sans); }
        main { max-width: 50rem; margin: 0 auto; padding: 3.5rem 1.25rem 5rem; }
        header { margin-bottom: 1.75rem; }
        h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.25; text-wrap: balance; }
        h1 { font-size: 2.15rem; margin: 0; letter-spacing: -0.01em; }
        h2 { font-size: 1.45rem; margin: 3.25rem 0 0.75rem; padding-top: 1.1rem; border-top: 1px solid var(--line); }
        h3 { font-size: 1.12rem; margin: 2rem 0 0.5rem; }
        p { margin: 0 0 1rem; max-width: 44rem; overflow-wrap: break-word; }
        a { color: var(--accent); text-decoration: none; }
        a:hover { text-decoration: underline; }
        .subtitle { color: var(--soft); margin: 0.5rem 0 0; }
        nav ol { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0; padding: 0; font-size: 0.92rem; }
        ul { max-width: 44rem; }
        .highlight { max-width: none; padding: 0.8rem 1.1rem; border-left: 3px solid var(--soft); background: var(--card); border-radius: 0 6px 6px 0; }
        .highlight.good { border-color: var(--good); background: var(--good-back); }
        .highlight.bad { border-color: var(--bad); background: var(--bad-back); }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: 0.75rem; margin: 1.25rem 0 1.75rem; }
        .cards > div { background: var(--card); border-radius: 8px; padding: 0.85rem 1rem 0.9rem; display: grid; grid-template-rows: subgrid; grid-row: span 3; row-gap: 0; }
        .cards dt { color: var(--soft); font-size: 0.82rem; line-height: 1.35; }
        .cards dd { margin: 0; }
        .cards .value { font-size: 1.55rem; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; }
        .cards .note { color: var(--soft); font-size: 0.82rem; line-height: 1.4; }
        .scroll { overflow-x: auto; margin: 1.25rem 0 1.75rem; }
        table { border-collapse: collapse; width: 100%; font-size: 0.92rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
        caption, figcaption { text-align: left; color: var(--soft); font-size: 0.88rem; line-height: 1.5; }
        caption { padding-bottom: 0.6rem; }
        caption b, figcaption b { color: var(--ink); font-weight: 600; }
        th, td { padding: 0.42rem 0.75rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
        th:first-child, td:first-child { padding-left: 0; }
        th:last-child, td:last-child { padding-right: 0; }
        thead th { vertical-align: bottom; font-weight: 600; border-bottom: 1.5px solid var(--soft); }
        tbody th { font-weight: 400; } tbody th:not(.number) { min-width: 9rem; }
        .number { text-align: right; }
        td { white-space: nowrap; }
        td:not(.number) { white-space: normal; }
        .unit { display: block; color: var(--soft); font-weight: 400; font-size: 0.82rem; }
        figure { margin: 1.5rem 0 2rem; }
        .figure-title { font-weight: 600; margin: 0 0 0.35rem; }
        .legend { display: flex; flex-wrap: wrap; gap: 0.1rem 1.25rem; list-style: none; margin: 0 0 0.35rem; padding: 0; font-size: 0.85rem; color: var(--soft); }
        .legend svg { margin-right: 0.4rem; vertical-align: middle; }
        figure > .plot { display: block; width: 100%; height: auto; margin: 0 0 0.4rem; }
        .plot text { font-family: var(--sans); font-variant-numeric: tabular-nums; }
        details { border: 1px solid var(--line); border-radius: 8px; margin: 0.75rem 0; }
        summary { cursor: pointer; padding: 0.7rem 1rem; font-weight: 600; }
        .transcript { padding: 0 1rem 0.75rem; }
        .folded { padding: 0 1rem; }
        .folded .scroll { max-height: 32rem; overflow-y: auto; }
        .turn { padding: 0.75rem 0 0; border-top: 1px solid var(--line); margin-top: 0.75rem; overflow-wrap: anywhere; }
        .turn:first-child { margin-top: 0; }
        .turn p { margin: 0 0 0.5rem; font-size: 0.95rem; }
        .turn .speaker { font-weight: 600; margin-bottom: 0.2rem; }
        .turn .note { color: var(--soft); font-weight: 400; margin-left: 0.6rem; font-size: 0.88rem; }
        @media (max-width: 36rem) { .plot text { font-size: 17px; } main { padding-top: 2rem; } h1 { font-size: 1.7rem; } .figure-title, p { max-width: none; } }
        @media print { main { max-width: none; padding: 0; } section, figure, .scroll { break-inside: avoid-page; } details > .transcript { display: block; } .folded .scroll { max-height: none; } }

        """;
}
