#pragma warning disable CA1822, CS9113 // to be written
using Rlaif.Data.Text;

namespace Rlaif.Decisions.Llm.Memory;

/// <summary>The lessons of one run. Safe to use from several threads; lessons are added while the run goes on.</summary>
public sealed class LessonBook(ITextEncoder encoder)
{
    /// <summary>Adds lessons; those that are there already are left out.</summary>
    public void Add(IEnumerable<Lesson> lessons) => throw new NotSupportedException(encoder.Id);

    /// <summary>The lessons known at a moment that fit a situation best, by similarity and recency, best first.</summary>
    public IReadOnlyList<Lesson> Recall(string symbol, DateTimeOffset asOf, string situation, int count) =>
        throw new NotSupportedException();
}
