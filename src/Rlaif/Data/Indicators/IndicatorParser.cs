using System.Globalization;
using System.Text.RegularExpressions;

namespace Rlaif.Data.Indicators;

/// <summary>Reads <c>rsi(14), macd(12,26,9).signal</c>; collects every problem before it complains.</summary>
internal sealed partial class IndicatorParser(IReadOnlyList<IndicatorDefinition> known)
{
    private readonly List<string> _problems = [];

    internal IReadOnlyList<IndicatorRequest> Parse(string text)
    {
        var requests = new List<IndicatorRequest>();
        foreach (string item in SplitOutsideParentheses(text))
        {
            if (Read(item.Trim()) is { } request)
            {
                requests.Add(request);
            }
        }

        if (_problems.Count > 0)
        {
            string list = string.Join(Environment.NewLine, _problems.Select(p => $"  {p}"));
            throw new RlaifInputException($"Indicators are not valid:{Environment.NewLine}{list}");
        }

        return requests;
    }

    [GeneratedRegex(@"^(?<name>\w+)\s*(\((?<values>[^()]*)\))?\s*(\.\s*(?<output>\w+))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ItemPattern();

    private static IEnumerable<string> SplitOutsideParentheses(string text)
    {
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] switch
            {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if (text[i] == ',' && depth <= 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        yield return text[start..];
    }

    private static string Signature(IndicatorDefinition indicator) =>
        indicator.Parameters.Count == 0
            ? indicator.Name
            : $"{indicator.Name}({string.Join(',', indicator.Parameters.Select(p => p.Name))})";

    private static bool IsNamed(IndicatorDefinition indicator, string name) =>
        indicator.Aliases.Prepend(indicator.Name).Contains(name, StringComparer.OrdinalIgnoreCase);

    private IndicatorRequest? Read(string item)
    {
        Match match = ItemPattern().Match(item);
        if (!match.Success)
        {
            _problems.Add($"'{item}' is not an indicator; write name, name(1,2) or name(1,2).output, separated by commas.");
            return null;
        }

        string name = match.Groups["name"].Value;
        IndicatorDefinition? indicator = known.FirstOrDefault(i => IsNamed(i, name));
        if (indicator is null)
        {
            IEnumerable<string> names = known.SelectMany(i => i.Aliases.Prepend(i.Name));
            string hint = NearName.Of(name, names) is { } near ? $" Did you mean '{near}'?" : string.Empty;
            _problems.Add($"'{name}' is not an indicator.{hint} Known: {string.Join(", ", known.Select(i => i.Name))}.");
            return null;
        }

        double[]? values = ReadValues(item, indicator, match.Groups["values"].Value);
        string? output = match.Groups["output"].Success ? match.Groups["output"].Value : null;
        bool hasOutput = CheckOutput(item, indicator, output);
        return values is null || !hasOutput ? null : new IndicatorRequest(indicator, values, output?.ToLowerInvariant());
    }

    private double[]? ReadValues(string item, IndicatorDefinition indicator, string list)
    {
        string[] given = string.IsNullOrWhiteSpace(list) ? [] : list.Split(',', StringSplitOptions.TrimEntries);
        IReadOnlyList<IndicatorParameter> parameters = indicator.Parameters;
        if (given.Length > parameters.Count)
        {
            _problems.Add($"'{item}' has {given.Length} values; {Signature(indicator)} takes {parameters.Count}.");
            return null;
        }

        double[] values = [.. parameters.Select(p => p.Default)];
        bool valid = true;
        for (int i = 0; i < given.Length; i++)
        {
            valid &= TryReadValue(item, parameters[i], given[i], out values[i]);
        }

        if (valid && indicator.Name == "macd" && values[0] >= values[1])
        {
            _problems.Add($"'{item}': fast ({values[0]}) must be below slow ({values[1]}).");
            return null;
        }

        return valid ? values : null;
    }

    private bool TryReadValue(string item, IndicatorParameter parameter, string text, out double value)
    {
        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        bool isInRange = isNumber && value >= parameter.Min && value <= parameter.Max;
        if (isInRange && (!parameter.IsInteger || double.IsInteger(value)))
        {
            return true;
        }

        string kind = parameter.IsInteger ? "a whole number" : "a number";
        _problems.Add($"'{item}': {parameter.Name} must be {kind} from {parameter.Min} to {parameter.Max}, not '{text}'.");
        return false;
    }

    private bool CheckOutput(string item, IndicatorDefinition indicator, string? output)
    {
        if (output is null || indicator.Outputs.Any(o => string.Equals(o.Name, output, StringComparison.OrdinalIgnoreCase)))
        {
            return true;
        }

        string outputs = string.Join(", ", indicator.Outputs.Select(o => o.Name));
        _problems.Add($"'{item}': {indicator.Name} has no output '{output}', only {outputs}.");
        return false;
    }
}
