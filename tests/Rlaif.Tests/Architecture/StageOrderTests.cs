using Mono.Cecil;
using Mono.Cecil.Cil;
using Rlaif.Core;

namespace Rlaif.Tests.Architecture;

/// <summary>Data flows one way: a stage may use only the stages before it. Read from the compiled assembly, so nothing hides.</summary>
public sealed class StageOrderTests
{
    private static readonly string[] Stages =
    [
        "Core",
        "Data",
        "Decisions",
        "Outcomes",
        "Preferences",
        "Rewards",
        "Selection",
        "Tuning",
        "Validation",
    ];

    [Fact]
    public void Library_EveryType_UsesNoLaterStage()
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(typeof(Ledger).Assembly.Location);
        string[] violations = [.. assembly.MainModule.GetTypes().SelectMany(Violations).Distinct().Order(StringComparer.Ordinal)];
        Assert.True(violations.Length == 0, string.Join(Environment.NewLine, violations));
    }

    [Fact]
    public void Library_EveryPublicType_LivesInAStage()
    {
        string[] outside =
        [
            .. typeof(Ledger)
                .Assembly.GetExportedTypes()
                .Where(t => t.Namespace != "Rlaif" && StageOf(t.Namespace) is null)
                .Select(t => t.FullName!),
        ];
        Assert.Empty(outside);
    }

    [Fact]
    public void UsedTypes_MethodWithGenericsAttributesAndBody_SeesThemAll()
    {
        // The rule is only as good as what it reads: this type hides one reference in each place where one can hide.
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(typeof(Hider).Assembly.Location);
        TypeDefinition hider = assembly.MainModule.GetTypes().Single(t => t.Name == nameof(Hider));
        string[] used = [.. UsedTypes(hider).SelectMany(Flatten).Select(t => t.Name)];
        Assert.Contains(nameof(InBody), used);
        Assert.Contains(nameof(InGeneric), used);
        Assert.Contains(nameof(InSignature), used);
        Assert.Contains(nameof(InAttributeValue), used);
        Assert.Contains(nameof(InField), used);
    }

    private static IEnumerable<string> Violations(TypeDefinition type)
    {
        if (StageOf(Outermost(type).Namespace) is not { } own)
        {
            yield break;
        }

        foreach (TypeReference used in UsedTypes(type).SelectMany(Flatten))
        {
            string space = Outermost(used).Namespace;
            if (space == "Rlaif" || (StageOf(space) is { } other && Array.IndexOf(Stages, other) > Array.IndexOf(Stages, own)))
            {
                yield return $"{type.FullName} ({own}) uses {used.FullName}";
            }
        }
    }

    private static IEnumerable<TypeReference> UsedTypes(TypeDefinition type)
    {
        IEnumerable<TypeReference?> found =
        [
            type.BaseType,
            .. type.Interfaces.Select(i => i.InterfaceType),
            .. type.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType),
            .. type.Fields.Select(f => f.FieldType),
            .. type.Properties.Select(p => p.PropertyType),
            .. type.Events.Select(e => e.EventType),
            .. AttributeTypes(type),
            .. type.Fields.SelectMany(AttributeTypes),
            .. type.Properties.SelectMany(AttributeTypes),
            .. type.Methods.SelectMany(MethodTypes),
        ];
        return found.OfType<TypeReference>();
    }

    private static IEnumerable<TypeReference> MethodTypes(MethodDefinition method)
    {
        IEnumerable<TypeReference> signature =
        [
            method.ReturnType,
            .. method.Parameters.Select(p => p.ParameterType),
            .. method.Parameters.SelectMany(AttributeTypes),
            .. method.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType),
            .. AttributeTypes(method),
        ];
        if (!method.HasBody)
        {
            return signature;
        }

        return
        [
            .. signature,
            .. method.Body.Variables.Select(v => v.VariableType),
            .. method.Body.ExceptionHandlers.Select(h => h.CatchType).OfType<TypeReference>(),
            .. method.Body.Instructions.SelectMany(OperandTypes),
        ];
    }

    private static IEnumerable<TypeReference> OperandTypes(Instruction instruction) =>
        instruction.Operand switch
        {
            TypeReference type => [type],
            GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments],
            MethodReference method => [method.DeclaringType, method.ReturnType],
            FieldReference field => [field.DeclaringType, field.FieldType],
            _ => [],
        };

    private static IEnumerable<TypeReference> AttributeTypes(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.SelectMany(a =>
            a.ConstructorArguments.Concat(a.Properties.Select(p => p.Argument))
                .Select(v => v.Value)
                .OfType<TypeReference>()
                .Append(a.AttributeType)
        );

    private static IEnumerable<TypeReference> Flatten(TypeReference type) =>
        type switch
        {
            GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Flatten)],
            TypeSpecification wrapped => Flatten(wrapped.ElementType),
            GenericParameter => [],
            _ => [type],
        };

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static string? StageOf(string? space) =>
        Stages.FirstOrDefault(s => space == $"Rlaif.{s}" || space?.StartsWith($"Rlaif.{s}.", StringComparison.Ordinal) == true);

    private sealed class InBody;

    private sealed class InGeneric;

    private sealed class InSignature;

    private sealed class InAttributeValue;

    private sealed class InField;

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class PointsAtAttribute(Type type) : Attribute
    {
        public Type Type { get; } = type;
    }

    private sealed class Hider
    {
        public InField? Field;

        [PointsAt(typeof(InAttributeValue))]
        public List<InGeneric[]> Hide(InSignature signature)
        {
            Field = null;
            return signature is null || new object() is InBody ? [] : throw new InvalidOperationException();
        }
    }
}
