using System.CommandLine;

namespace Rlaif.Cli;

/// <summary><c>rlaif documents</c>: news, filings and notes for the agents.</summary>
internal sealed class DocumentsCommand : Command
{
    public DocumentsCommand()
        : base("documents", "Bring in news, filings and notes, and search them as the agents do")
    {
        Subcommands.Add(new DocumentsImportVerb());
        Subcommands.Add(new DocumentsListVerb());
        Subcommands.Add(new DocumentsSearchVerb());
    }
}
