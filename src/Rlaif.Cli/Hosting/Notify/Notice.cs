using System.Text.Json.Nodes;

namespace Rlaif.Cli;

/// <summary>Something that a person wants to be told.</summary>
/// <param name="Id">Kind and id of its record: the same notice is not told twice.</param>
/// <param name="Event"><c>fill</c>, <c>close</c>, <c>refusal</c>, <c>kill</c>, <c>resume</c>, <c>alarm</c> or <c>test</c>.</param>
/// <param name="At">When it happened, UTC.</param>
/// <param name="Symbol">The instrument; null when there is none.</param>
/// <param name="Text">A sentence.</param>
/// <param name="Data">The record, as the ledger has it; empty when there is none.</param>
internal sealed record Notice(string Id, string Event, DateTimeOffset At, string? Symbol, string Text, JsonObject Data)
{
    public const string Fill = "fill";
    public const string Close = "close";
    public const string Refusal = "refusal";
    public const string Kill = "kill";
    public const string Resume = "resume";
    public const string Alarm = "alarm";
    public const string Test = "test";

    /// <summary>The same without secrets.</summary>
    public Notice Without(SecretScrubber scrubber) =>
        this with
        {
            Text = scrubber.Scrub(Text),
            Data = scrubber.Scrub(Data)!.AsObject(),
        };
}
