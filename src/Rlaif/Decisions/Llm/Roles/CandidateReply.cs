using Rlaif.Decisions.Llm.Calls;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>The manager's proposal as the model wrote it, within all limits.</summary>
internal sealed record CandidateReply(
    IReadOnlyList<string> Reasoning,
    string Analysis,
    IReadOnlyList<string> Evidence,
    string MainRisk,
    double Score,
    double Confidence,
    TradeAction Action,
    double PositionSize
)
{
    private const string Buy = "buy";
    private const string Sell = "sell";
    private const string Hold = "hold";

    /// <summary>The shape of the reply.</summary>
    internal static ReplySchema Schema { get; } =
        ReplyShape.Create(
            "candidate",
            ("reasoning", ReplyShape.Steps()),
            ("analysis", ReplyShape.Text($"The proposal in one to four sentences, at most {ReplyShape.MaxAnalysis} characters")),
            ("evidence", ReplyShape.Evidence()),
            ("main_risk", ReplyShape.Text($"What would make it lose, at most {ReplyShape.MaxStep} characters")),
            ("score", ReplyShape.Number("From -1 (sell) to 1 (buy)")),
            ("confidence", ReplyShape.Number("From 0 to 1")),
            ("action", ReplyShape.Word(Buy, Sell, Hold)),
            ("position_size", ReplyShape.Number("Fraction of equity; 0 for hold"))
        );

    /// <summary>Reads a reply.</summary>
    /// <param name="reply">The properties.</param>
    /// <param name="maxSize">The largest position allowed.</param>
    /// <param name="side">The action that was asked for; null when the choice was free.</param>
    internal static CandidateReply Read(ReplyReader reply, double maxSize, TradeAction? side)
    {
        IReadOnlyList<string> reasoning = reply.Texts("reasoning", ReplyShape.MaxSteps, ReplyShape.MaxStep);
        string analysis = reply.Text("analysis", ReplyShape.MaxAnalysis);
        IReadOnlyList<string> evidence = reply.Evidence("evidence", ReplyShape.MaxEvidence);
        string risk = reply.Text("main_risk", ReplyShape.MaxStep);
        double score = reply.Number("score", -1, 1);
        double confidence = reply.Number("confidence", 0, 1);
        string action = reply.Word("action", Buy, Sell, Hold);
        double size = reply.Number("position_size", 0, maxSize);
        bool holds = action == Hold;
        reply.Require(!holds || size == 0, "\"position_size\" must be 0 for a hold");
        reply.Require(holds || size > 0, $"\"position_size\" must be above 0 for a {action}");
        reply.Require(action != Buy || score >= 0, "\"score\" must be at least 0 for a buy");
        reply.Require(action != Sell || score <= 0, "\"score\" must be at most 0 for a sell");
        reply.Require(
            side is null || action == Name(side.Value),
            $"\"action\" must be \"{(side is { } s ? Name(s) : "")}\": this proposal argues that side"
        );
        TradeAction parsed =
            action == Buy ? TradeAction.Buy
            : action == Sell ? TradeAction.Sell
            : TradeAction.Hold;
        return new CandidateReply(reasoning, analysis, evidence, risk, score, confidence, parsed, size);
    }

    /// <summary>
    /// Analysis and steps of a reply that was accepted, as a record has them but with the names that the model used; null for any other text.
    /// </summary>
    internal static (string Analysis, IReadOnlyList<string> Reasoning)? Words(string text)
    {
        (CandidateReply? reply, _) = ReplyParser.Read(text, Citations.Of(text), reader => Read(reader, double.MaxValue, null));
        return reply is null ? null : (reply.Analysis, Steps(reply.Reasoning, reply.MainRisk, reply.Evidence));
    }

    /// <summary>The steps of a record: those of the reply, its risk and its evidence.</summary>
    internal static IReadOnlyList<string> Steps(IEnumerable<string> reasoning, string mainRisk, IEnumerable<string> evidence) =>
        [.. reasoning, $"Main risk: {mainRisk}", $"Evidence: {string.Join(", ", evidence)}."];

    private static string Name(TradeAction action) => action.ToString().ToLowerInvariant();
}
