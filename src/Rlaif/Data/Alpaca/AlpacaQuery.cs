using System.Text;

namespace Rlaif.Data.Alpaca;

/// <summary>An address with parameters.</summary>
internal sealed class AlpacaQuery(Uri host, string path)
{
    private readonly StringBuilder _parameters = new();

    internal AlpacaQuery Add(string name, string? value)
    {
        if (value is not null)
        {
            _parameters.Append(_parameters.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return this;
    }

    internal AlpacaQuery Add(string name, int value) => Add(name, $"{value}");

    /// <summary>Adds symbols with commas between them.</summary>
    /// <exception cref="RlaifInputException">There is none, or one is no symbol.</exception>
    internal AlpacaQuery Add(string name, IReadOnlyList<string> symbols)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        string? wrong = symbols.Count == 0 ? "" : symbols.FirstOrDefault(s => !BarFile.IsSymbol(s));
        return wrong is null
            ? Add(name, string.Join(',', symbols))
            : throw new RlaifInputException($"'{wrong}' {BarFile.SymbolRule}.");
    }

    internal Uri ToUri() => With("", null);

    /// <summary>The address with one parameter more, where it has a value.</summary>
    internal Uri With(string name, string? value)
    {
        // A base URL may have a path of its own, where a proxy stands in for Alpaca.
        string address = host.GetLeftPart(UriPartial.Path).TrimEnd('/') + path + _parameters;
        string more = value is null ? "" : $"{(_parameters.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
        return new Uri(address + more);
    }
}
