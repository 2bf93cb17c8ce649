using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Rlaif.Mutation;

/// <summary>Compiles the library as its project does, again and again, with one file changed.</summary>
internal sealed class LibraryCompiler
{
    private readonly CSharpCompilation _compilation;
    private readonly ImmutableArray<ResourceDescription> _resources;

    public LibraryCompiler(string root)
    {
        string project = Path.Combine(root, "src", "Rlaif");
        CSharpCommandLineArguments arguments = CSharpCommandLineParser.Default.Parse(CompilerArguments(project), project, null);
        CSharpParseOptions parsing = arguments.ParseOptions.WithDocumentationMode(DocumentationMode.None);
        var compilation = CSharpCompilation.Create(
            arguments.CompilationName,
            arguments.SourceFiles.Select(f =>
            {
                using FileStream stream = File.OpenRead(f.Path);
                return CSharpSyntaxTree.ParseText(SourceText.From(stream), parsing, f.Path);
            }),
            arguments.MetadataReferences.Select(r => MetadataReference.CreateFromFile(r.Reference, r.Properties)),
            // A warning is an error for people; a mutant may well have code that is never reached.
            arguments.CompilationOptions.WithGeneralDiagnosticOption(ReportDiagnostic.Suppress)
        );
        var generators = arguments
            .AnalyzerReferences.Select(a => new AnalyzerFileReference(a.FilePath, new GeneratorLoader()))
            .SelectMany(a => a.GetGenerators(LanguageNames.CSharp));
        CSharpGeneratorDriver
            .Create(generators, parseOptions: parsing)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation generated, out _);
        _compilation = (CSharpCompilation)generated;
        _resources = arguments.ManifestResources;
    }

    /// <summary>The source files, without what is generated.</summary>
    public IEnumerable<SyntaxTree> Files => _compilation.SyntaxTrees.Where(t => File.Exists(t.FilePath));

    /// <summary>Whether the changed file still compiles; if not, it is no mistake that anyone could make.</summary>
    public bool Compiles(Mutant mutant)
    {
        SyntaxTree changed = mutant.Mutated();
        return !_compilation
            .ReplaceSyntaxTree(mutant.Tree, changed)
            .GetSemanticModel(changed)
            .GetDiagnostics()
            .Any(d => d.Severity == DiagnosticSeverity.Error);
    }

    /// <summary>Writes the library with a mutant in it, or as it is.</summary>
    public void Write(Mutant? mutant, string path)
    {
        CSharpCompilation compilation = mutant is null
            ? _compilation
            : _compilation.ReplaceSyntaxTree(mutant.Tree, mutant.Mutated());
        using FileStream stream = File.Create(path);
        var result = compilation.Emit(stream, manifestResources: _resources);
        if (!result.Success)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, result.Diagnostics));
        }
    }

    // The build itself says how it would call the compiler.
    private static string[] CompilerArguments(string project)
    {
        string[] options =
        [
            "msbuild",
            project,
            "-t:PrepareResources;Compile",
            "-p:Configuration=Release",
            "-p:SkipCompilerExecution=true",
            "-p:ProvideCommandLineArgs=true",
            "-p:NonExistentFile=never-up-to-date",
            "-getItem:CscCommandLineArgs",
        ];
        using Process build = Process.Start(
            new ProcessStartInfo("dotnet", options) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        using JsonDocument answer = JsonDocument.Parse(build.StandardOutput.ReadToEnd());
        return
        [
            .. answer
                .RootElement.GetProperty("Items")
                .GetProperty("CscCommandLineArgs")
                .EnumerateArray()
                .Select(a => a.GetProperty("Identity").GetString()!),
        ];
    }

    private sealed class GeneratorLoader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath) { }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}
