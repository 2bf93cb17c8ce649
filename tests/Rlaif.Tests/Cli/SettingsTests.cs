using Rlaif.Cli;
using Rlaif.Core;
using Rlaif.Tests.Data;

namespace Rlaif.Tests.Cli;

public sealed class SettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, string> Variables(params (string Name, string Value)[] values) =>
        values.ToDictionary(v => v.Name, v => v.Value, StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void Load_FileAndVariable_TheVariableWins()
    {
        string file = _folder.Write("rlaif.json", "{ \"seed\": 7, /* a note */ \"threads\": 3, }");
        var settings = Settings.Load(file, Variables(("RLAIF__Seed", "8"), ("OTHER", "1")));
        Assert.Equal((8, 3), (settings.Number("seed"), settings.Number("threads")));
        Assert.Null(settings["home"]);
    }

    [Theory]
    [InlineData("{ \"sed\": 7 }", "'sed'")]
    [InlineData("{ \"data\": { \"source\": \"x\" } }", "'data:source'")]
    [InlineData("{ \"seed\": }", "Cannot read the settings")]
    public void Load_BadFile_SaysWhatIsAllowed(string content, string words)
    {
        string file = _folder.Write("rlaif.json", content);
        RlaifInputException error = Assert.Throws<RlaifInputException>(() => Settings.Load(file, Variables()));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_UnknownVariable_NamesIt()
    {
        RlaifInputException error = Assert.Throws<RlaifInputException>(() =>
            Settings.Load(null, Variables(("RLAIF__Alpaca__KeyId", "x")))
        );
        Assert.Contains("RLAIF__Alpaca__KeyId", error.Message, StringComparison.Ordinal);
        Assert.Contains("alpaca:key_id", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Number_NoNumber_SaysSo() =>
        Assert.Throws<RlaifInputException>(() => Settings.Load(null, Variables(("RLAIF__Seed", "many"))).Number("seed"));
}
