using Rlaif.Decisions.Llm.Calls;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>An analyst's opening report as the model wrote it, within its limits.</summary>
internal sealed record ReportReply(
    IReadOnlyList<string> Reasoning,
    string Analysis,
    IReadOnlyList<string> Evidence,
    double Score,
    double Confidence
)
{
    /// <summary>The shape of the reply.</summary>
    internal static ReplySchema Schema { get; } =
        ReplyShape.Create(
            "analyst_report",
            ("reasoning", ReplyShape.Steps()),
            ("analysis", ReplyShape.Text($"The view in one to three sentences, at most {ReplyShape.MaxAnalysis} characters")),
            ("evidence", ReplyShape.Evidence()),
            ("score", ReplyShape.Number("From -1 (sell) to 1 (buy)")),
            ("confidence", ReplyShape.Number("From 0 to 1"))
        );

    /// <summary>Reads a reply with scores of this range.</summary>
    internal static ReportReply Read(ReplyReader reply, (double Min, double Max) scores) =>
        new(
            reply.Texts("reasoning", ReplyShape.MaxSteps, ReplyShape.MaxStep),
            reply.Text("analysis", ReplyShape.MaxAnalysis),
            reply.Evidence("evidence", ReplyShape.MaxEvidence),
            reply.Number("score", scores.Min, scores.Max),
            reply.Number("confidence", 0, 1)
        );
}
