namespace Rlaif.Preferences.Expressions;

/// <summary>A function that a metric expression may call on numbers; <c>if</c>, which chooses what to compute, is not among them.</summary>
/// <param name="Fewest">Fewest arguments.</param>
/// <param name="Most">Most arguments.</param>
/// <param name="Apply">Its value; not finite where there is none. It never sees an argument that is not finite.</param>
internal sealed record ExpressionFunction(int Fewest, int Most, Func<double[], double> Apply)
{
    private static readonly OrderedDictionary<string, ExpressionFunction> All = new(StringComparer.Ordinal)
    {
        ["abs"] = One(Math.Abs),
        ["min"] = new(2, int.MaxValue, a => a.Min()),
        ["max"] = new(2, int.MaxValue, a => a.Max()),
        ["sqrt"] = One(Math.Sqrt),
        ["log"] = One(Math.Log),
        ["exp"] = One(Math.Exp),
        ["pow"] = new(2, 2, a => Math.Pow(a[0], a[1])),
        ["sign"] = One(x => Math.Sign(x)),
    };

    internal static IEnumerable<string> Names => All.Keys;

    internal static ExpressionFunction? Find(string name) => All.GetValueOrDefault(name);

    private static ExpressionFunction One(Func<double, double> apply) => new(1, 1, a => apply(a[0]));
}
