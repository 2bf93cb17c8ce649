using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Rlaif.Data;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>
/// An analyst on a language model, for one moment. The debate continues the conversation that began with the own report, so that the model
/// answers from its own evidence. What others quote of it is what it wrote; what it hands to the records has the true names.
/// </summary>
internal sealed class LlmAnalyst(LlmMoment moment, AnalystRole role, ToolBox? tools) : IAnalyst
{
    private readonly ConcurrentDictionary<int, string> _statements = new();
    private readonly List<ChatMessage> _conversation = [];
    private Citations? _shown;

    public AnalystRole Role => role;

    /// <summary>The opening report as the model wrote it; null before, and when none could be used.</summary>
    internal ReportReply? Said { get; private set; }

    /// <summary>The other analysts of the moment, by role.</summary>
    internal required Func<AnalystRole, LlmAnalyst> Colleague { get; init; }

    /// <summary>What was said in the last round up to one; null for nothing. Rounds are over before the next begins.</summary>
    internal string? Statement(int upToRound) =>
        _statements.Where(s => s.Key <= upToRound).OrderByDescending(s => s.Key).Select(s => s.Value).FirstOrDefault();

    public async ValueTask<AnalystReport?> AnalyzeAsync(MarketSnapshot snapshot, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<EvidenceItem> evidence = moment.Evidence.For(role);
        (string min, string max) = Range();
        string task = moment.Prompts.Fill(
            "analyst_task",
            ("symbol", moment.Masker.Symbol),
            ("as_of", moment.AsOf),
            ("evidence", EvidenceBook.Render(evidence, moment.FactsTitle)),
            ("min_score", min),
            ("max_score", max)
        );
        var question = new Question<ReportReply>
        {
            Role = RoleBook.Model(role),
            Purpose = "opening",
            Order = 0,
            System = System(),
            PromptVersion = Version("analyst_task"),
            Messages = [new(ChatRole.User, task)],
            Schema = ReportReply.Schema,
            Citations = new Citations(evidence.Select(e => e.Id)),
            Read = reply => ReportReply.Read(reply, RoleBook.Scores(role)),
            Say = said => $"{Stand(said.Score, said.Confidence)}: {said.Analysis}",
            Tools = tools,
        };
        Answer<ReportReply> answer = await new Interview<ReportReply>(moment, question).HoldAsync(cancellationToken);
        if (answer.Value is not { } report)
        {
            return null;
        }

        Said = report;
        _shown = question.Citations;
        Continue(answer.Messages, report);
        return new AnalystReport
        {
            Role = role,
            Score = report.Score,
            Confidence = report.Confidence,
            Analysis = moment.Masker.Restore(report.Analysis),
            Reasoning = [.. report.Reasoning.Select(moment.Masker.Restore), $"Evidence: {string.Join(", ", report.Evidence)}."],
        };
    }

    public async ValueTask<DebateTurn?> AnswerAsync(
        MarketSnapshot snapshot,
        AnalystReport own,
        IReadOnlyList<AnalystReport> others,
        int round,
        CancellationToken cancellationToken = default
    )
    {
        if (Reports.Opponent(own, others) is not { } opponent)
        {
            return null;
        }

        Question<TurnReply> question = Challenge(own, others, opponent, round);
        Answer<TurnReply> answer = await new Interview<TurnReply>(moment, question).HoldAsync(cancellationToken);
        if (answer.Value is not { } turn)
        {
            return null;
        }

        _statements[round] = turn.Statement;
        Continue([answer.Messages[^1]], turn);
        return new DebateTurn
        {
            Round = round,
            Role = role,
            ScoreBefore = own.Score,
            ScoreAfter = turn.Score,
            ConfidenceBefore = own.Confidence,
            ConfidenceAfter = turn.Confidence,
            Statement = moment.Masker.Restore(turn.Statement),
        };
    }

    private Question<TurnReply> Challenge(
        AnalystReport own,
        IReadOnlyList<AnalystReport> others,
        AnalystReport opponent,
        int round
    )
    {
        LlmAnalyst other = Colleague(opponent.Role);
        string? statement = other.Statement(round - 1);
        IReadOnlyList<EvidenceItem> theirs = moment.Evidence.Find(
            Reports.Cited(other.Said!, statement).Except(_shown!.Ids).ToHashSet(StringComparer.Ordinal)
        );
        string id = RoleBook.ReportId(opponent.Role);
        (string min, string max) = Range();
        string task = moment.Prompts.Fill(
            "debate_task",
            ("round", $"{round}"),
            ("reports", string.Join('\n', others.Select(o => Quote(o, o == opponent, round)))),
            (
                "evidence",
                EvidenceBook.Render(theirs, $"Evidence of [{id}] that you have not seen{(theirs.Count == 0 ? ": none" : "")}")
            ),
            ("score", Wording.Signed(own.Score)),
            ("confidence", Wording.Plain(own.Confidence)),
            ("opponent", id),
            ("min_score", min),
            ("max_score", max)
        );
        foreach (EvidenceItem item in theirs)
        {
            _shown.Show(item.Id);
        }

        foreach (AnalystReport report in others.Append(own))
        {
            _shown.Show(RoleBook.ReportId(report.Role));
        }

        return new Question<TurnReply>
        {
            Role = RoleBook.Model(role),
            Purpose = $"round {round}",
            Order = round,
            System = System(),
            PromptVersion = Version("debate_task"),
            Messages = [.. _conversation, new(ChatRole.User, task)],
            Schema = TurnReply.Schema,
            Citations = _shown,
            Read = reply => TurnReply.Read(reply, RoleBook.Scores(role)),
            Say = said => $"{Stand(said.Score, said.Confidence)}: {said.Statement}",
        };
    }

    private string Quote(AnalystReport report, bool isOpponent, int round)
    {
        LlmAnalyst other = Colleague(report.Role);
        return Reports.Render(report, other.Said!, isOpponent, isOpponent ? other.Statement(round - 1) : null, moment.Evidence);
    }

    private string System() => moment.Prompts.Fill(RoleBook.Prompt(role), ("rules", moment.Prompts.Fill("rules")));

    private string Version(string task) => moment.Prompts.Version(RoleBook.Prompt(role), "rules", task);

    private void Continue<T>(IEnumerable<ChatMessage> question, T answer)
    {
        _conversation.AddRange(question);
        _conversation.Add(new ChatMessage(ChatRole.Assistant, JsonSerializer.Serialize(answer, RlaifJson.Compact)));
    }

    private (string Min, string Max) Range()
    {
        (double min, double max) = RoleBook.Scores(role);
        return ($"{min}", $"{max}");
    }

    private static string Stand(double score, double confidence) =>
        $"score {Wording.Signed(score)}, confidence {Wording.Plain(confidence)}";
}
