using Rlaif.Decisions.Llm.Calls;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>An analyst's answer in the debate as the model wrote it, within its limits.</summary>
internal sealed record TurnReply(string Statement, double Score, double Confidence)
{
    /// <summary>The shape of the reply.</summary>
    internal static ReplySchema Schema { get; } =
        ReplyShape.Create(
            "debate_turn",
            (
                "statement",
                ReplyShape.Text($"The answer with the ids of its evidence, at most {ReplyShape.MaxAnalysis} characters")
            ),
            ("score", ReplyShape.Number("From -1 (sell) to 1 (buy)")),
            ("confidence", ReplyShape.Number("From 0 to 1"))
        );

    /// <summary>Reads a reply with scores of this range.</summary>
    internal static TurnReply Read(ReplyReader reply, (double Min, double Max) scores) =>
        new(
            reply.Text("statement", ReplyShape.MaxAnalysis),
            reply.Number("score", scores.Min, scores.Max),
            reply.Number("confidence", 0, 1)
        );
}
