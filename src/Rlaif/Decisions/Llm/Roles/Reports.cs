using System.Text;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>How the analysts' reports are quoted to others.</summary>
internal static class Reports
{
    private const char ReportLetter = 'R';

    /// <summary>One report: id, standing scores, the view, and if asked the steps and the last statement.</summary>
    /// <param name="report">The report as it stands.</param>
    /// <param name="said">What the analyst wrote.</param>
    /// <param name="isFull">Whether the steps are shown.</param>
    /// <param name="statement">What the analyst last said in the debate; null for nothing.</param>
    /// <param name="book">The evidence that others can look up; results of the analyst's own tools are not in it.</param>
    internal static string Render(AnalystReport report, ReportReply said, bool isFull, string? statement, EvidenceBook book)
    {
        var text = new StringBuilder();
        text.Append(
            $"[{RoleBook.ReportId(report.Role)}] {report.Role}, score {Wording.Signed(report.Score)}, confidence {Wording.Plain(report.Confidence)}: {Quote(said.Analysis, book)}"
        );
        for (int i = 0; isFull && i < said.Reasoning.Count; i++)
        {
            text.Append($"\n  {i + 1}. {Quote(said.Reasoning[i], book)}");
        }

        return statement is null ? text.ToString() : text.Append($"\n  In the last round: {Quote(statement, book)}").ToString();
    }

    /// <summary>The ids of evidence that a report and a statement cite.</summary>
    internal static IEnumerable<string> Cited(ReportReply said, string? statement) =>
        [
            .. said.Evidence,
            .. Citations.In(said.Analysis),
            .. said.Reasoning.SelectMany(Citations.In),
            .. Citations.In(statement ?? string.Empty),
        ];

    /// <summary>
    /// Of the others the one whose point weighs most against a report: on the opposite side the largest |score| times confidence; where nobody
    /// is on the opposite side, the one furthest away. Null when there are no others.
    /// </summary>
    internal static AnalystReport? Opponent(AnalystReport own, IReadOnlyList<AnalystReport> others)
    {
        AnalystReport? opposite = others
            .Where(o => o.Score * own.Score < 0)
            .OrderByDescending(o => Math.Abs(o.Score) * o.Confidence)
            .ThenBy(o => o.Role)
            .FirstOrDefault();
        return opposite
            ?? others
                .OrderByDescending(o => Math.Abs(o.Score - own.Score))
                .ThenByDescending(o => o.Confidence)
                .ThenBy(o => o.Role)
                .FirstOrDefault();
    }

    private static string Quote(string text, EvidenceBook book) =>
        Quoted.Said(Citations.Shared(text, id => id[0] == ReportLetter || book.Contains(id)));
}
