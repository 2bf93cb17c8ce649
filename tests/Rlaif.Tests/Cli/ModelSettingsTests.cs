using Rlaif.Cli;
using Rlaif.Core;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Tests.Cli;

public sealed class ModelSettingsTests
{
    private static IReadOnlyDictionary<ModelRole, ModelOptions> Read(
        string provider,
        params (string Key, string Value)[] settings
    )
    {
        var variables = settings.ToDictionary(
            s => $"RLAIF__{s.Key.Replace(":", "__", StringComparison.Ordinal)}",
            s => s.Value,
            StringComparer.OrdinalIgnoreCase
        );
        return ModelSettings.Read(Settings.Load(null, variables), provider);
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("openai")]
    public void Read_NothingSet_AnalystsAreCheaperThanTheManager(string provider)
    {
        IReadOnlyDictionary<ModelRole, ModelOptions> models = Read(provider);
        Assert.Equal(Enum.GetValues<ModelRole>().Length, models.Count);
        Assert.All(models.Values, m => Assert.Equal(provider, m.Provider));
        Assert.NotEqual(models[ModelRole.Manager].Model, models[ModelRole.Technical].Model);
        Assert.Equal(models[ModelRole.Manager].Model, models[ModelRole.Judge].Model);
    }

    [Fact]
    public void Read_RoleThenGroupThenDefault_TheNearestWins()
    {
        IReadOnlyDictionary<ModelRole, ModelOptions> models = Read(
            "openai",
            ("models:default:model", "d"),
            ("models:default:base_url", "http://localhost:11434/v1"),
            ("models:analyst:model", "a"),
            ("models:risk:model", "r"),
            ("models:risk:timeout_seconds", "2.5")
        );
        Assert.Equal("d", models[ModelRole.Manager].Model);
        Assert.Equal("a", models[ModelRole.Bull].Model);
        Assert.Equal(("r", 2.5), (models[ModelRole.Risk].Model, models[ModelRole.Risk].TimeoutSeconds));
        Assert.All(models.Values, m => Assert.Equal(new Uri("http://localhost:11434/v1"), m.BaseUrl));
    }

    [Fact]
    public void Read_RoleOfAnotherProvider_InheritsNothingOfTheFirst()
    {
        IReadOnlyDictionary<ModelRole, ModelOptions> models = Read(
            "openai",
            ("models:default:model", "llama"),
            ("models:default:base_url", "http://localhost:11434/v1"),
            ("models:manager:provider", "claude")
        );
        Assert.Equal(DefaultModels.Of("claude", ModelRole.Manager), models[ModelRole.Manager].Model);
        Assert.Null(models[ModelRole.Manager].BaseUrl);
        Assert.Equal("llama", models[ModelRole.Technical].Model);
    }

    [Theory]
    [InlineData("models:manager:base_url", "localhost", "base_url")]
    [InlineData("models:manager:schema", "xml", "json_object")]
    [InlineData("models:manager:knowledge_cutoff", "June", "2025-01-31")]
    [InlineData("models:manager:retries", "many", "whole number")]
    [InlineData("models:manager:timeout_seconds", "long", "a number")]
    [InlineData("models:default:provider", "gemini", "claude, openai")]
    public void Read_BadValue_SaysWhatIsAllowed(string key, string value, string words)
    {
        RlaifInputException error = Assert.Throws<RlaifInputException>(() => Read("claude", (key, value)));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models:manager:modle", "models:manager:model")]
    [InlineData("models:boss:model", "models:manager:...")]
    [InlineData("budget:month_usd", "budget:day_usd")]
    [InlineData("agent:tools", "agents:...")]
    public void Load_UnknownKey_ListsTheNearOnes(string key, string words)
    {
        RlaifInputException error = Assert.Throws<RlaifInputException>(() => Read("claude", (key, "1")));
        Assert.Contains($"'{key}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }
}
