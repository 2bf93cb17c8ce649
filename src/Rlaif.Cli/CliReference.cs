using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.Globalization;
using System.Text;

namespace Rlaif.Cli;

/// <summary>The reference of the command line as Markdown, rendered from the commands themselves: <c>docs/cli.md</c>.</summary>
internal static class CliReference
{
    private const string Preamble = """
        # The command line

        Rendered from the commands themselves; do not edit. Names, JSON fields and exit codes are a public contract.

        ```
        rlaif <verb> [arguments] [options]
        ```

        Without `--json` a verb prints tables for people, with units. With `--json` exactly one JSON document goes to stdout: snake_case, numbers
        unrounded, times that work took only under `timing`. Progress, notes, warnings and errors go to stderr in both cases; an error with
        `--json` is the document `error{message,exit_code}`. Colors are off when `NO_COLOR` is set. An option on the command line wins over an
        environment variable (`RLAIF__Key`), which wins over `rlaif.json`.

        | exit code | means |
        |---|---|
        | 0 | done |
        | 1 | failed |
        | 2 | bad usage or bad input |
        | 3 | not enough data or evidence, nothing changed |
        | 130 | interrupted; running it again continues |

        """;

    private const string Rows = """
        ## Decisions made elsewhere

        `decisions import` reads one JSON object a line; `score` and `rank` read the same object, or an array of them. Any agent in any language
        can write them:

        ```json
        {"symbol":"AAPL","decided_at":"2025-10-02T20:00:00Z","action":"buy","position_size":0.05,"score":0.6,"confidence":0.7,
         "analysis":"...","reasoning":["...","..."],"features":{"rsi_14":41.2},"agent":"my-agent","context_id":"optional","prompt":"optional",
         "outcome":{"exit_at":"2025-10-09T20:00:00Z","exit_price":185.0,"entry_price":175.0,"price_history":[175.0,176.2]}}
        ```

        Required: `symbol`, `decided_at`, `action` (`buy|sell|hold`), and for a buy or sell either `position_size`, a fraction of equity (0.05 is 5%),
        or `quantity` in shares, which is turned into a fraction of the default equity of 100,000 at the last close known at `decided_at`. A score
        that is not given counts as 0, a confidence as 0.5. Market features that a row lacks come from the imported bars as of `decided_at`; without
        bars they count as missing, not as zero. A feature is a number in -1e100..1e100 or null: a marker for "missing" such as 1.797e308 is refused, because
        training takes sums of squares. Prices and shares are in 1e-9..1e12.

        `decisions import`: `decided_at` names its offset from UTC. Import bars first: features, volatility, beta and the reference price (0 when
        unknown) are those known at `decided_at` and stay as they were first recorded; without a volatility only expressions (`--metric net_return`) and, from 20 daily returns on, `sharpe` and `sortino` give pairs. Rows
        with one `context_id` agree on symbol, moment, prompt and common features, and are candidates of one context in the order of the file; a row
        without one is a context of its own. Every row counts as accepted by its agent (selector `import:<agent>`). Without an `outcome` a row is
        settled from imported bars; with one, `entry_at` defaults to `decided_at` and `entry_price` is required. A bad row is
        reported with its line and field and skipped; unknown fields are left out and counted; `--strict` refuses the whole file for either.

        `score` and `rank`: a `decided_at` without a time zone is UTC; a row may carry a `candidate_id`. A name that the model was not trained on is
        an error that names it. Rewards have no unit and are defined up to a constant; ranks count over the whole file.

        """;

    /// <summary>Renders the whole reference.</summary>
    public static string Render(RlaifCommand root)
    {
        var text = new StringBuilder(Preamble);
        text.Append("\n## Options of every verb\n\n");
        AppendOptions(text, root.Globals.All);
        foreach (Command command in root.Subcommands.Where(c => !c.Hidden))
        {
            Append(text, command, "rlaif");
        }

        return text.Append(Rows).Replace("\r\n", "\n").ToString();
    }

    private static void Append(StringBuilder text, Command command, string parent)
    {
        string name = $"{parent} {command.Name}";
        if (command is not Verb verb)
        {
            foreach (Command inner in command.Subcommands.Where(c => !c.Hidden))
            {
                Append(text, inner, name);
            }

            return;
        }

        string arguments = string.Concat(command.Arguments.Select(a => $" {Placeholder(a)}"));
        text.Append(
            CultureInfo.InvariantCulture,
            $"## {name}\n\n{verb.Description}.\n\n```\n{name}{arguments} [options]\n```\n\n"
        );
        foreach (Argument argument in command.Arguments)
        {
            text.Append(CultureInfo.InvariantCulture, $"- `{argument.Name}`: {argument.Description}\n");
        }

        text.Append(command.Arguments.Count > 0 ? "\n" : string.Empty);
        AppendOptions(text, command.Options.Where(o => !o.Hidden && o is not HelpOption));
        text.Append(CultureInfo.InvariantCulture, $"Example:\n\n```\n{verb.Example}\n```\n\n");
        if (verb.JsonFields is { } fields)
        {
            text.Append(CultureInfo.InvariantCulture, $"`--json`: `{fields}`\n\n");
        }
    }

    private static string Placeholder(Argument argument)
    {
        string name = argument.Arity.MaximumNumberOfValues > 1 ? $"{argument.Name}..." : argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static void AppendOptions(StringBuilder text, IEnumerable<Option> options)
    {
        Option[] all = [.. options];
        if (all.Length == 0)
        {
            return;
        }

        text.Append("| option | does | default |\n|---|---|---|\n");
        foreach (Option option in all)
        {
            string[] values =
                option.ValueType == typeof(bool) ? [] : [.. option.GetCompletions(CompletionContext.Empty).Select(c => c.Label)];
            string value = option.HelpName ?? string.Join('|', values);
            string standard = option.HasDefaultValue
                ? Convert.ToString(option.GetDefaultValue(), CultureInfo.InvariantCulture)!
                : string.Empty;
            string cell =
                standard.Length == 0 || option.ValueType == typeof(bool)
                    ? (option.Required ? "required" : string.Empty)
                    : $"`{standard}`";
            string name = value.Length == 0 ? option.Name : $"{option.Name} {value}";
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{Cell(name)}` | {Cell(option.Description ?? string.Empty)} | {cell} |\n"
            );
        }

        text.Append('\n');
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
