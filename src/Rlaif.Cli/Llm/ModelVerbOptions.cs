using System.CommandLine;
using Rlaif.Decisions.Llm.Calls;

namespace Rlaif.Cli;

/// <summary>The options of verbs that ask language models: where replies come from, and whether to ask before spending.</summary>
/// <param name="fallback">Where replies come from when it is not said.</param>
internal sealed class ModelVerbOptions(LlmMode fallback = LlmMode.Record)
{
    private readonly Option<string?> _mode = new("--llm")
    {
        Description =
            $"record: use recorded replies, ask and record the others; replay: recorded replies only, no key and no cost; live: ask everything, record nothing [default: {fallback.ToString().ToLowerInvariant()}]",
        HelpName = "MODE",
    };

    private readonly Option<string?> _recording = new("--recording")
    {
        Description = "File of recorded replies [default: llm/recording.jsonl in the home]",
        HelpName = "FILE",
    };

    private readonly Option<bool> _yes = new("--yes") { Description = "Spend what is estimated without asking first" };

    public void AddTo(Command command)
    {
        _mode.AcceptOnlyFromAmong("record", "replay", "live");
        command.Options.Add(_mode);
        command.Options.Add(_recording);
        command.Options.Add(_yes);
    }

    /// <summary>Where replies come from.</summary>
    public LlmMode Mode(CommandContext context) =>
        context.Get(_mode) switch
        {
            "replay" => LlmMode.Replay,
            "live" => LlmMode.Live,
            "record" => LlmMode.Record,
            _ => fallback,
        };

    /// <summary>Opens the models.</summary>
    public Task<ModelAccess> OpenAsync(CommandContext context, string provider) =>
        ModelAccess.OpenAsync(context, provider, Mode(context), context.Get(_recording));

    /// <summary>Says what work will cost, and asks before it begins. Nothing is asked for a replay, nor with <c>--yes</c>.</summary>
    /// <param name="context">The verb.</param>
    /// <param name="access">The models.</param>
    /// <param name="plan">What will be asked.</param>
    /// <exception cref="RlaifInputException">A key is missing, or nobody is there to answer.</exception>
    /// <exception cref="OperationCanceledException">The answer was no.</exception>
    public void Confirm(CommandContext context, ModelAccess access, IReadOnlyCollection<PlannedCalls> plan)
    {
        var estimate = CostEstimate.Of(access.Roster, plan);
        if (Mode(context) == LlmMode.Replay || estimate.Calls == 0)
        {
            return;
        }

        foreach (PlannedCalls calls in plan)
        {
            // A missing key is told before anything is asked.
            access.Roster[calls.Role].CreateClient();
        }

        string cost = estimate.LowUsd is { } low
            ? $"about {low:0.00} to {estimate.HighUsd:0.00} US dollars, the latter if every reply is as long as it may be"
            : $"a price that is not known for {string.Join(", ", estimate.Unpriced)}";
        string text =
            $"This asks language models about {estimate.Calls:N0} times, {estimate.LowTokens:N0} to {estimate.HighTokens:N0} tokens: {cost}, less what is recorded already; repairs, tools and further rounds of debate come on top, the budget holds in any case.";
        context.Output.Note(text);
        if (!context.Get(_yes) && !context.Output.Ask("Go on?"))
        {
            throw new OperationCanceledException();
        }
    }
}
