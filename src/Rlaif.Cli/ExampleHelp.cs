using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Rlaif.Cli;

/// <summary>The usual help, followed by the worked example of the verb.</summary>
internal sealed class ExampleHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        InvocationConfiguration configuration = parseResult.InvocationConfiguration;
        TextWriter output = configuration.Output;
        var help = new StringWriter { NewLine = output.NewLine };
        configuration.Output = help;
        int code = usual.Invoke(parseResult);
        configuration.Output = output;
        // The usual help names the command after its assembly.
        output.Write(help.ToString().Replace($"{RootCommand.ExecutableName} ", "rlaif ", StringComparison.Ordinal));
        string example = parseResult.CommandResult.Command is Verb verb ? verb.Example : "rlaif data import prices/";
        output.WriteLine($"Example:\n  {example}\n");
        return code;
    }
}
