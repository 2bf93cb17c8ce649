using Rlaif.Decisions.Llm;

namespace Rlaif.Tuning;

/// <summary>
/// What language models were asked and answered, word for word, by the candidate that came of it. Where an answer had to be repaired it is
/// the repaired one, after the prompt of the first attempt. Candidates of rules and of outside agents are not among them.
/// </summary>
public sealed class SpokenTexts
{
    private readonly Dictionary<string, SpokenText> _byCandidate;

    private SpokenTexts(Dictionary<string, SpokenText> byCandidate) => _byCandidate = byCandidate;

    /// <summary>Number of candidates.</summary>
    public int Count => _byCandidate.Count;

    /// <summary>Nothing was said.</summary>
    internal static SpokenTexts None { get; } = new([]);

    /// <summary>Reads what the ledger holds.</summary>
    /// <exception cref="InvalidDataException">A call names a text that the ledger does not hold.</exception>
    public static async Task<SpokenTexts> LoadAsync(Ledger ledger, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        IReadOnlyList<ModelCall> calls = await ledger.ReadAsync<ModelCall>(null, cancellationToken);
        Dictionary<string, ModelCall> firstSteps = calls
            .Where(c => c.Step == 0)
            .ToDictionary(c => c.CallId, StringComparer.Ordinal);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var spoken = new Dictionary<string, SpokenText>(StringComparer.Ordinal);
        foreach (ModelCall answered in calls.Where(c => c.CandidateId is not null).OrderBy(c => c.Step))
        {
            ModelCall asked =
                firstSteps.GetValueOrDefault(ModelCall.CreateId(answered.ContextId, answered.Role, answered.Purpose, 0))
                ?? answered;
            var prompt = new List<string>();
            foreach (string id in asked.PromptIds)
            {
                prompt.Add(await TextAsync(id));
            }

            // Of several calls that name a candidate the last step is its answer.
            spoken[answered.CandidateId!] = new SpokenText(
                await TextAsync(asked.SystemId),
                prompt,
                await TextAsync(answered.ReplyId)
            );
        }

        return new SpokenTexts(spoken);

        // Texts are looked up one by one: the ledger holds those of all roles, and few of them are needed.
        async Task<string> TextAsync(string id)
        {
            if (!texts.TryGetValue(id, out string? text))
            {
                CallText found =
                    await ledger.FindAsync<CallText>(id, cancellationToken)
                    ?? throw new InvalidDataException($"A call names text {id}, which the ledger does not hold.");
                texts[id] = text = CandidateText.WellFormed(found.Text);
            }

            return text;
        }
    }

    /// <summary>The texts of a candidate; null when no language model spoke for it.</summary>
    internal SpokenText? Find(string candidateId) => _byCandidate.GetValueOrDefault(candidateId);
}
