namespace Rlaif.Decisions.Llm.Roles;

/// <summary>Shows a reply while it grows: readable words instead of JSON, under the true names.</summary>
internal sealed class Speech(LlmMoment moment, ModelRole role, string purpose) : IProgress<string>
{
    private PartialReply _partial = new();
    private int _length;
    private string _shown = string.Empty;

    /// <summary>Takes the text so far.</summary>
    public void Report(string value)
    {
        // A transport that starts over starts with a shorter text.
        _partial = value.Length < _length ? new PartialReply() : _partial;
        _length = value.Length;
        string words = _partial.Read(value);
        if (words.Length > 0 && words != _shown)
        {
            _shown = words;
            Tell(words, isDone: false);
        }
    }

    /// <summary>Shows what came of it.</summary>
    internal void Finish(string words) => Tell(words, isDone: true);

    // What a model writes is untrusted, on a terminal too: line by line without control characters.
    private void Tell(string words, bool isDone)
    {
        string clean = string.Join('\n', words.Split('\n').Select(line => Headlines.Clean(line, int.MaxValue)));
        string text = moment.Masker.Restore(clean);
        moment.Live?.Report(new DebateEvent(moment.Snapshot.Symbol, moment.Snapshot.AsOf, role, purpose, text, isDone));
    }
}
